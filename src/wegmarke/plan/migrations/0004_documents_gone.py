"""The documents are gone once they were taken apart."""

from django.db import migrations


class Migration(migrations.Migration):
    """The table of the first format."""

    dependencies = [("plan", "0003_documents_taken_apart")]
    operations = [migrations.DeleteModel(name="SavedPlan")]
