"""Evidence, pure: entries, the Merkle tree over them, tiles, checkpoints, proofs and their checks.

Bytes and values in, bytes and values out. Files belong to `adapters/log_files`, keys to `adapters/file_keys`.
"""
