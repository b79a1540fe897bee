"""CCDM (arXiv 2405.03546): a full-dose T1ce from a T1 and a T1ce of a smaller dose of contrast agent."""
