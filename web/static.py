"""Static files under names that change with their content, also those that our script modules import from each other."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` to the hashed name, so that a browser never mixes two versions."""

    support_js_module_import_aggregation = True
