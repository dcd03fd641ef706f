"""Tags of the atlas's templates."""
