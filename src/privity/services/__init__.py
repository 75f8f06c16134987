"""What the gate does, one file a step: the rooms are folders; here lie the few things that every room uses.

accounting/  what is kept of every line           holds/      orders, notices, persons withheld
admission/   a request arrives and is judged      home/       a home made, restored, exported, cleared
agreements/  agreements and offices on record     register/   extract to blind index
answering/   lines looked up and decided          release/    seen, signed, released or refused
decoys/      lines that must not be confirmed     requester/  the other side's tools
duties/      what is owed and overdue             response/   the content of an answer
evaluation/  the matcher against known truth
"""
