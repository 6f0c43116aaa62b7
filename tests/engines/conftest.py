"""What is run by an engine's own Python is no test of ours."""

collect_ignore_glob = ["*_site.py"]
