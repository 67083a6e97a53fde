"""Who may see what: roles, a person's grants, and the policy that stands under every query.

What each role may see is data (roles.yml, columns.yml, rows.yml). Pages only ask; they decide nothing.
"""
