"""What each command of the program does; imported only when the command is called."""
