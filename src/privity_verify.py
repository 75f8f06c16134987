"""The offline verifier of Privity packages and logs."""
