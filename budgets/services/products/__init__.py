"""What a product is in a budget: added, changed, ended, split, merged and proposed. One act each, which can be undone."""
