"""What ./run calls. Standard library only, except where a module says that it runs in the venv."""
