"""(note to be written by the room)"""
