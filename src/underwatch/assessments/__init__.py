"""Impact assessments: a deployment file, its closed forms and its runs, and what follows.

`result` holds what every part speaks of; `declaration` reads the file. From the bottom up:
result, declaration, closed_forms and organs, worlds, answers, document and exports, assessment.
"""
