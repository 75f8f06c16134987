"""A request arrives: opened, judged, referred, stored; nothing is looked up."""
