"""Installation hook: the labels that models here inherit."""


def post_init_hook(env):
    """Translate labels that belong to property_base and existed there before ours."""
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base"], languages)
