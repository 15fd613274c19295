"""心理健康档案 Archives: one psychological archive for each person, who keeps it, who is helping, and for how long.

Promises: no archive without the person's consent; one for each person, known by a keyed hash of the identity number;
the content for those who are helping, existence for those who manage; nothing moved when two turn out to be one person,
so that it can be undone exactly; a figure that counts people, never visits. Households, guardians and family doctors'
teams are kept here, because they belong to the archive. Refuses: archives of custody stations to others' lists.
"""
