def build(env): pass
