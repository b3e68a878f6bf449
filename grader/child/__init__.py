"""The untrusted side: loads a submission and runs it on a loop whose time the judge owns."""
