"""The table of scripts/layers.txt, read."""

import fnmatch
import pathlib

import gatelib

# Project -> the folders whose headers users include as <project/...>.
PUBLIC_ROOTS = {"samovar": ("samovar/include/samovar", "base/include/samovar"), "web": ("web/include/web",)}


class Module:
    def __init__(self, name: str, folder: str, allowed: list[str]):
        self.name = name
        self.folder = folder
        self.allowed = allowed

    def may_use(self, other: "Module") -> bool:
        return other.name == self.name or any(fnmatch.fnmatchcase(other.name, a) for a in self.allowed)

    def may_use_public(self, project: str, owner: "Module | None") -> bool:
        return f"<{project}>" in self.allowed or (owner is not None and self.may_use(owner))


class Table:
    def __init__(self, path: pathlib.Path):
        self.modules: dict[str, Module] = {}
        self.owners: dict[str, str] = {}  # path of a public header -> module name
        for number, text in gatelib.data_lines(path):
            self._read(number, text)
        self._check_names()

    def _read(self, number: int, text: str) -> None:
        match text.split():
            case ["module", name, folder, "->", *allowed]:
                self.modules[name] = Module(name, folder, allowed)
            case ["public", name, *headers]:
                for header in headers:
                    self.owners |= {f"{root}/{header}": name for root in PUBLIC_ROOTS["samovar"]}
            case _:
                raise SystemExit(f"scripts/layers.txt:{number}: neither a module nor a public line: {text}")

    def _check_names(self) -> None:
        known = [*self.modules, *(f"<{project}>" for project in PUBLIC_ROOTS)]
        used = [a for module in self.modules.values() for a in module.allowed] + list(self.owners.values())
        for name in used:
            if not fnmatch.filter(known, name):
                raise SystemExit(f"scripts/layers.txt: unknown module {name}")

    def module_of(self, path: str) -> Module | None:
        """The module of a file: that of a public header by name, else the one with the longest matching folder."""
        if path in self.owners:
            return self.modules[self.owners[path]]
        if path.startswith(tuple(f"{root}/" for root in PUBLIC_ROOTS["samovar"])):
            return None
        holding = [m for m in self.modules.values() if path.startswith(m.folder + "/")]
        return max(holding, key=lambda m: len(m.folder), default=None)
