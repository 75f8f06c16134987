"""The page of `privity evaluate --page`: one HTML file with plots and tables, that needs nothing else to be read."""

from privity.interfaces.cli.proof_page.page import proof_page

__all__ = ["proof_page"]
