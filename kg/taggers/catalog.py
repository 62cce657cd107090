"""Which models there are, and from a name to a directory: in the package, on this machine, or on HanLP's hub."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ModelError

#: Directories of models in the package.
PACKAGED = Path(__file__).parents[1] / "data" / "models"

#: Which of them a name stands for.
IN_PACKAGE = {"default": "default", "lac": "lac"}

#: Short names of models on HanLP's hub.
ON_HUB = {
    "hanlp-msra": "MSRA_NER_ELECTRA_SMALL_ZH",
    "hanlp-mtl": "CLOSE_TOK_POS_NER_SRL_DEP_SDP_CON_ELECTRA_SMALL_ZH",
}

#: In the folder of a model that `kg models pull` brought: where it is from, and its digests.
PULLED = "kg-pulled.json"

#: Seconds after which a server that hasn't answered counts as out of reach. HanLP itself would wait for half a minute.
PATIENCE = 4.0

#: Licences of the weights in the package; the default model was trained on corpora that are for research.
LICENCES = {"default": "research and teaching", "lac": "Apache-2.0"}
HUB_LICENCE = "research and teaching only"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that `open_tagger` knows by name. `where`: in the package, a path, or not on this machine."""

    name: str
    identifier: str
    licence: str
    where: str
    note: str


def list_models() -> list[ModelInfo]:
    """The models with a name of their own; nothing is loaded or fetched to find out."""
    notes = {
        "default": "words and parts of speech of lac, names learnt from news; see the card in its directory",
        "lac": "the unchanged weights of Baidu LAC, for words, parts of speech and names",
        "hanlp-msra": "names only, 26 labels; needs transformers; words come from lac",
        "hanlp-mtl": "names by ner/msra, ner/pku or ner/ontonotes; needs transformers; words come from lac",
    }
    packaged = [ModelInfo(name, f"kg/data/models/{folder}", LICENCES[folder], "in the package", notes[name])
                for name, folder in IN_PACKAGE.items()]
    return packaged + [ModelInfo(name, key, HUB_LICENCE, _where(key), notes[name]) for name, key in ON_HUB.items()]


def _where(key: str) -> str:
    place = hub_directory(hub_url(key))
    return str(place) if place.is_dir() else "not on this machine"


def find_model(name: str) -> str:
    """What `hanlp.load` takes for a name: a checked directory, or a URL of the hub that can be reached.

    Raises ModelError: an unknown name, a broken directory, a model that is neither here nor in reach.
    """
    if name in IN_PACKAGE:
        return str(check_directory(PACKAGED / IN_PACKAGE[name]))
    url = "" if Path(name).is_dir() else hub_url(ON_HUB.get(name, name))
    directory = hub_directory(url) if url else Path(name)
    if directory.is_dir():
        check_directory(directory)
        for archive in companions(directory):
            if not hub_directory(archive).is_dir():
                require(archive, name)
        return str(directory)
    if not url:
        raise ModelError(_unknown(name))
    require(url, name)
    return url


def companions(directory: Path) -> list[str]:
    """Addresses of the transformers that HanLP fetches for a model beside its own directory."""
    from hanlp.layers.transformers.resource import tokenizer_mirrors

    names: list[str] = []

    def collect(config: dict[str, object]) -> dict[str, object]:
        if isinstance(named := config.get("transformer"), str) and named in tokenizer_mirrors:
            names.append(named)
        return config

    json.loads((directory / "config.json").read_text(encoding="utf-8"), object_hook=collect)
    return [tokenizer_mirrors[name] for name in sorted(set(names))]


def hub_url(identifier: str) -> str:
    """The address of a HanLP identifier, or empty if HanLP doesn't know it."""
    if identifier.startswith(("http://", "https://")):
        return identifier
    import hanlp

    return str(hanlp.pretrained.ALL.get(identifier, ""))


def hub_directory(url: str) -> Path:
    """Where HanLP keeps the unpacked archive of an address, whether it is there or not."""
    from hanlp.utils.io_util import path_from_url, split_if_compressed

    return Path(split_if_compressed(path_from_url(url))[0])


def _unknown(name: str) -> str:
    import hanlp

    if os.sep in name or "/" in name:
        return f"{name}: there is no such directory"
    known = [*IN_PACKAGE, *ON_HUB, *hanlp.pretrained.ner.ALL, *hanlp.pretrained.mtl.ALL]
    # Upper case and lower case are near each other for a person, so compare without.
    by_lower = {key.lower(): key for key in known}
    near = [by_lower[key] for key in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.5)]
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join([*IN_PACKAGE, *ON_HUB])}."
    return f"{name} is no model, directory or HanLP identifier; {hint} See also `kg models list`"


def require(url: str, name: str) -> None:
    """Raise ModelError, within seconds, if the server of `url` can't be reached."""
    # Imported here, since they take longer than all the rest of this module.
    import urllib.error
    import urllib.request

    answered = threading.Event()

    def ask() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            pass  # an answer all the same; what is wrong with the address HanLP says when it fetches
        except (OSError, ValueError):
            return
        answered.set()

    # In a thread of its own, since the time limit doesn't cover the look-up of the host's name.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    if not answered.is_set():
        raise ModelError(
            f"{name} isn't on this machine and {url} can't be reached. Bring it with `kg models pull`, from a "
            f"mirror or from archives; or copy HANLP_HOME from a machine that has it (this machine's: {_home()}); or "
            f"give a directory with --model DIR; or use the default model. `kg models list` says what is here")


def _home() -> str:
    from hanlp.utils.io_util import hanlp_home

    return str(hanlp_home())


def check_directory(directory: Path) -> Path:
    """The directory, if HanLP can be asked to load it. Raises ModelError that names all that is missing.

    HanLP's own message hides the cause behind a missing module.
    """
    config_file = directory / "config.json"
    if not config_file.is_file():
        if (directory / "meta.json").is_file():
            raise ModelError(f"{directory}: a TensorFlow model of HanLP 2.0; only PyTorch and ONNX models can be used")
        raise ModelError(f"{directory}: no config.json, so it isn't a model in HanLP's format")
    try:
        config = json.loads(config_file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{config_file}: not JSON ({error}); copy the model anew") from error
    classpath = config.get("classpath", "") if isinstance(config, dict) else ""
    if not isinstance(classpath, str) or "." not in classpath:
        raise ModelError(f"{config_file}: no classpath, so HanLP can't tell which component it is")
    needed = ("model.pt", "vocabs.json") if classpath.startswith("hanlp.components.") else ()
    missing = [name for name in needed if not (directory / name).is_file()]
    if missing:
        raise ModelError(f"{directory}: no {', '.join(missing)}; copy the model anew")
    return directory


def digest(directory: Path) -> str:
    """The first 12 hex digits of `tree_digest`, which name the weights in the id of a tagger."""
    return tree_digest(directory)[:12]


def tree_digest(directory: Path) -> str:
    """SHA-256 in hex over names and contents of a model's files, its README and the record of its pull left out."""
    whole = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file() and p.suffix != ".md" and p.name != PULLED):
        whole.update(path.relative_to(directory).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                whole.update(chunk)
    return whole.hexdigest()
