"""Fetches the recordings that train.py reads, and checks every one of them.

    python fetch.py DATA_FOLDER [--check]

slpdb comes from PhysioNet as WFDB annotations (.st, .ecg) and is written as the text that rdann and ann2rr of the WFDB software package
print (.an, .rr); the features of 20 people come from the repository of Walch 2019. Each file must have the SHA-256 that SHA256SUMS names
(of its text; it may lie there packed as .gz). A file that is already there and right is not fetched again. --check fetches nothing.

The download itself was tried against a server on the same machine only, with annotations made from the text; never against the two
public ones.
"""

import argparse
import gzip
import hashlib
import tempfile
import urllib.request
from pathlib import Path

SUMS_FILE = Path(__file__).with_name("SHA256SUMS")
SLPDB_URL = "https://physionet.org/files/slpdb/1.0.0/"
WALCH_URL = "https://raw.githubusercontent.com/ojwalch/sleep_classifiers/9e788254d14639c2a1e64259bcfc949144ff185b/outputs/features/"
RATE_HZ = 250
BYTES_MAX = 4_000_000
TIMEOUT_S = 60
# Annotations that are beats (WFDB's isqrs).
BEATS = frozenset("NLRBAaJSVrFejnE/fQ?")
AN_TITLE = "Elapsed time  Sample #  Type  Sub Chan  Num\tAux"


def wanted_files():
    """Path below the folder -> SHA-256 of the text."""
    rows = [line.split() for line in SUMS_FILE.read_text().splitlines() if line]
    return {path: digest for digest, path in rows}


def text_at(file):
    """What lies there, unpacked, or None."""
    packed = file.with_name(file.name + ".gz")
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    return file.read_bytes() if file.exists() else None


def digest_of(text):
    return hashlib.sha256(text).hexdigest()


def clock(sample):
    """As timestr of the WFDB library writes it: hours only where there are some, twelve characters wide."""
    ms = sample * 1000 // RATE_HZ
    minutes, rest = divmod(ms, 60_000)
    shown = f"{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{minutes // 60:2d}:{shown}" if minutes >= 60 else f"   {minutes:2d}{shown[2:]}"


def stages_text(samples, symbols, kinds, channels, numbers, notes):
    lines = [AN_TITLE]
    for sample, symbol, kind, channel, number, note in zip(samples, symbols, kinds, channels, numbers, notes):
        note = note.rstrip("\0")
        lines.append(f"{clock(sample)}{sample:9d}{symbol:>6}{kind:5d}{channel:5d}{number:5d}" + (f"\t{note}" if note else ""))
    return "\n".join(lines) + "\n"


def intervals_text(samples, symbols):
    """The first interval begins with the recording, which is no beat."""
    lines, last, last_symbol = [], 0, "[0]"
    for sample, symbol in zip(samples, symbols):
        lines.append(f"{clock(last)}\t{last_symbol}\t{(sample - last) / RATE_HZ:.3f}\t{symbol}\t{clock(sample)}")
        last, last_symbol = sample, symbol
    return "\n".join(lines) + "\n"


def downloaded(url):
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            data = answer.read(BYTES_MAX + 1)
    except OSError as why:
        raise SystemExit(f"{url}: {why}") from why
    if len(data) > BYTES_MAX:
        raise SystemExit(f"{url}: more than {BYTES_MAX} bytes")
    return data


def annotations(name, ending, base):
    # Only who fetches needs it.
    import wfdb

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.{ending}").write_bytes(downloaded(f"{base}{name}.{ending}"))
        return wfdb.rdann(str(Path(folder) / name), ending)


def fetched(path, slpdb_url, walch_url):
    folder, name = path.split("/")
    if folder != "slpdb":
        return downloaded(walch_url + name)
    record, ending = name.split(".")
    if ending == "an":
        found = annotations(record, "st", slpdb_url)
        return stages_text(found.sample, found.symbol, found.subtype, found.chan, found.num, found.aux_note).encode()
    found = annotations(record, "ecg", slpdb_url)
    labels = [(sample, symbol) for sample, symbol in zip(found.sample, found.symbol) if symbol in BEATS]
    return intervals_text(*zip(*labels)).encode()


def main(folder, check_only, slpdb_url, walch_url):
    counts = {"there": 0, "fetched": 0}
    for path, digest in wanted_files().items():
        text = text_at(folder / path)
        if text is not None and digest_of(text) == digest:
            counts["there"] += 1
            continue
        if text is not None:
            raise SystemExit(f"{folder / path}: not the file that SHA256SUMS names; remove it to fetch it anew")
        if check_only:
            raise SystemExit(f"{folder / path}: not there")
        text = fetched(path, slpdb_url, walch_url)
        if digest_of(text) != digest:
            raise SystemExit(f"{path}: what was fetched is not the file that SHA256SUMS names")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
        counts["fetched"] += 1
    print(", ".join(f"{count} {what}" for what, count in counts.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="fetch nothing; fail if a file is missing or wrong")
    parser.add_argument("--slpdb-url", default=SLPDB_URL, help="a mirror of the database")
    parser.add_argument("--walch-url", default=WALCH_URL, help="a mirror of the features")
    options = parser.parse_args()
    main(options.folder, options.check, options.slpdb_url, options.walch_url)
