"""Our own import contract: from outside, only a room's public modules may be touched."""

from importlinter import Contract, ContractCheck, fields, output


class PublicFaceContract(Contract):
    """A module outside room X may import only the modules of X named in ``public``."""

    domains_package = fields.StringField()
    public = fields.ListField(subfield=fields.StringField())
    exceptions = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph, verbose):
        """Every import that reaches past a door."""
        prefix = self.domains_package + "."
        allowed = {tuple(part.strip() for part in pair.split("->")) for pair in self.exceptions or []}
        found = []
        for importer in sorted(graph.modules):
            if ".tests." in importer or importer.endswith(".tests"):
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if not imported.startswith(prefix) or (importer, imported) in allowed:
                    continue
                room, _, rest = imported[len(prefix) :].partition(".")
                home = prefix + room
                if importer == home or importer.startswith(home + "."):
                    continue
                if rest.partition(".")[0] not in self.public:
                    found.append((importer, imported))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check):
        """One line per import, saying what to import instead."""
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} reaches into {imported}; import the room's api or contracts.")
