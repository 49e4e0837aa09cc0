"""M24: the organs spread over invented states, and a small nation lives in each adopter."""
