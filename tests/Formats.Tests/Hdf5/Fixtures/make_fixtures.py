"""Makes the files that the HDF5 tests read and that this project's own writer cannot make. Needs python3-h5py; run it in this folder."""
import gzip
import os

import h5py
import numpy as np


def compress(name):
    with open(name, "rb") as source, open(name + ".gz", "wb") as target:
        target.write(gzip.compress(source.read(), 9, mtime=0))
    os.remove(name)


with h5py.File("kinds.h5", "w") as f:
    f.create_dataset("lzf", data=(np.arange(3000) // 7).astype("i2"), chunks=(1000,), compression="lzf", shuffle=True)
    f.create_dataset("half", data=np.array([1.5, -2, 0.25], "f2"))
    f.create_dataset("big_endian", data=np.array([1, -2, 300000], ">i4"))
    f.create_dataset("fixed_text", data=np.array([b"ab", b"cde"], "S5"))
    ragged = f.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype("i4"))
    ragged[0], ragged[1], ragged[2] = [1, 2], [], [3]
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": 2}, basetype="u1")
    f.create_dataset("colours", data=np.array([0, 2, 1], "u1"), dtype=colours)
    f.create_dataset("records", data=np.array([(1, 2.5, b"xy"), (2, 3.5, b"z")], dtype=[("a", "i2"), ("b", "f8"), ("s", "S3")]))
    f.create_dataset("points", data=np.array([([1, 2, 3],), ([4, 5, 6],)], dtype=[("p", "f4", (3,))]))
    f.create_dataset("checked", data=np.arange(10, dtype="f4"), fletcher32=True, chunks=(5,))
    f.attrs["empty"] = h5py.Empty("S10")
    f.attrs["references"] = np.array([f["lzf"].ref, f["half"].ref], dtype=h5py.ref_dtype)
    f.attrs["region"] = f["lzf"].regionref[2:5]
    f["soft"] = h5py.SoftLink("/lzf")
    f["dangling"] = h5py.SoftLink("/nowhere")
    f["circle1"] = h5py.SoftLink("/circle2")
    f["circle2"] = h5py.SoftLink("/circle1")
    f["outside"] = h5py.ExternalLink("../secret.h5", "/x")

with h5py.File("elsewhere.h5", "w") as f:
    with open("raw.bin", "wb") as raw:
        raw.write(bytes(80))
    f.create_dataset("x", (10,), "f8", external=[("raw.bin", 0, 80)])
    layout = h5py.VirtualLayout(shape=(10,), dtype="f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(10,))
    f.create_virtual_dataset("virtual", layout)
os.remove("raw.bin")

with h5py.File("latest.h5", "w", libver="latest") as f:
    many = f.create_group("many")
    for i in range(100):
        many.create_group(f"child{i:03d}")
    for i in range(20):
        f.attrs[f"a{i:02d}"] = i
    f.create_dataset("x", data=(np.arange(5000) % 13).astype("f8").reshape(50, 100), chunks=(7, 9), compression="gzip", shuffle=True, maxshape=(None, None))

for name in ("kinds.h5", "elsewhere.h5", "latest.h5"):
    compress(name)
