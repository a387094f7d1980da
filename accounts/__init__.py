"""Who is who: User, Department, Posting (who leads which department), RoleGrant. Imports core only."""
