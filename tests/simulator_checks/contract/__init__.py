"""LINE's own interface description, held against everything the simulator accepts, answers and sends."""
