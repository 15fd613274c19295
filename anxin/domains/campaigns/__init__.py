"""Screening campaigns: a school, a workplace or a village is asked, with consent; whoever is found is seen by a human.

Source: workflow 4.1 of the service's design; PIPL articles 28 to 31 and 55 (consent of guardians, impact assessment).
"""
