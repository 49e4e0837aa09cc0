"""Published deployments of live face recognition, and the inputs that reproduce them.

    python -m tests.harness.watch_list_cases

prints the table of docs/how-to/assessments.md.
"""

from underwatch.assessments.closed_forms.watch_list_published import table

if __name__ == "__main__":
    print("\n".join(table()))
