def post_init_hook(env):
    """Translate the labels that models here inherit: they belong to another addon."""
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["property_base"], languages)
