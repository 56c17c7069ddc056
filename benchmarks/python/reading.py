"""Times the Python libraries on files: one request per line (JSON: `library`, `file`), one answer in ms.

`make DIR` writes the files that no agency gives out in a handy size.
"""

import json
import os
import sys
import time

import numpy as np


def rasterio_read(path):
    import rasterio

    with rasterio.open(path) as d:
        d.read(masked=True)


def netcdf4_read(path):
    import netCDF4

    with netCDF4.Dataset(path) as d:
        for variable in d.variables.values():
            if variable.ndim >= 2:
                variable[:]


def pyhdf_read(path):
    from pyhdf.SD import SD

    file = SD(path)
    for index in range(file.info()[0]):
        file.select(index).get()
    file.end()


def pyshp_read(path):
    import shapefile

    with shapefile.Reader(path) as reader:
        reader.shapes(), reader.records()


def numpy_read(path):
    if path.endswith(".bin"):
        codes = np.fromfile(path, "u1", offset=300)
        np.where(codes > 250, np.nan, codes / np.float32(250))
        return
    archive = np.load(path)
    for name in archive.files:
        archive[name]


def rasterio_write(path):
    import rasterio

    with rasterio.open(path) as d:
        data, profile = d.read(), d.profile
    start = time.perf_counter()
    profile.update(driver="COG", compress="deflate", predictor=2, blocksize=512)
    for key in ("blockxsize", "blockysize", "tiled", "interleave"):
        profile.pop(key, None)
    with rasterio.open(path + ".out.tif", "w", **profile) as d:
        d.write(data)
    return start


LIBRARIES = {
    "rasterio": rasterio_read,
    "netCDF4": netcdf4_read,
    "pyhdf": pyhdf_read,
    "pyshp": pyshp_read,
    "numpy": numpy_read,
    "rasterio COG": rasterio_write,
}


def make(folder):
    import rasterio
    from pyhdf.SD import SD, SDC

    rng = np.random.default_rng(1)

    def scene(side):
        y, x = np.mgrid[0:side, 0:side]
        smooth = 2000 + 1500 * np.sin(x / 90) * np.cos(y / 70)
        return (smooth + rng.integers(0, 60, (side, side))).astype("u2")

    place = dict(crs="EPSG:32633", transform=rasterio.Affine(10, 0, 500000, 0, -10, 8700000), count=1, dtype="uint16")
    with rasterio.open(os.path.join(folder, "scene.tif"), "w", driver="GTiff", compress="deflate", predictor=2, tiled=True, blockxsize=512, blockysize=512, width=8192, height=8192, **place) as d:
        d.write(scene(8192), 1)
    with rasterio.open(os.path.join(folder, "scene.jp2"), "w", driver="JP2OpenJPEG", QUALITY="100", REVERSIBLE="YES", BLOCKXSIZE=1024, BLOCKYSIZE=1024, width=2048, height=2048, **place) as d:
        d.write(scene(2048), 1)
    sd = SD(os.path.join(folder, "scene.hdf"), SDC.WRITE | SDC.CREATE)
    data = sd.create("reflectance", SDC.INT16, (2400, 2400))
    data.setcompress(SDC.COMP_DEFLATE, 6)
    data[:] = scene(2400).astype("i2")
    data.endaccess()
    sd.end()


if sys.argv[1:2] == ["make"]:
    make(sys.argv[2])
    sys.exit()

for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    later = LIBRARIES[request["library"]](request["file"])
    print((time.perf_counter() - (later or start)) * 1000, flush=True)
