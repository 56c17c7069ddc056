"""Judges what the readers of @arctic/raster and @arctic/data-real took from files.

Reads a list of files with what was read from them (JSON lines: `file`, `kind`, and for rasters the
names, shapes and decoded values as raw files), reads the same files with rasterio, netCDF4, pyhdf,
pyshp, zarr and numpy, and prints one JSON line per file: what agrees, and the largest difference.
"""

import io
import json
import os
import re
import sys
import tarfile
from collections import Counter

import numpy as np

MISSING_CODES = {"pole", "hole", "lakes", "lake", "coast", "land", "missing", "unused"}
TYPES = {"float32": "<f4", "float64": "<f8"}

# What a library does not tell of a file, which is then not compared.
UNKNOWN = "?"


def nsidc(data):
    """A binary file of NSIDC-0051 or -0081: 300 bytes of header, then codes."""
    codes = np.frombuffer(data, "u1", offset=300)
    shape = (448, 304) if codes.size == 448 * 304 else (332, 316)
    codes = codes.reshape(shape)
    return np.where(codes > 250, np.nan, codes / 250.0)


def nsidc_place(shape):
    if tuple(shape[-2:]) == (448, 304):
        return "EPSG:3411", [-3850000, 25000, 0, 5850000, 0, -25000]
    return "EPSG:3412", [-3950000, 25000, 0, 4350000, 0, -25000]


def read_flat(path):
    name = os.path.basename(path)
    if re.search(r"\.(tar|tar\.gz|tgz)$", name):
        steps = {}
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".bin"):
                    date = re.search(r"nt_(\d{6,8})_", member.name).group(1)
                    steps[date] = nsidc(archive.extractfile(member).read())
        dates = sorted(steps)
        times = [f"{d[:4]}-{d[4:6]}-{d[6:] or '01'}T00:00:00Z" for d in dates]
        values = np.stack([steps[d] for d in dates]).astype("f4")
        crs, transform = nsidc_place(values.shape)
        return dict(crs=crs, transform=transform, times=times, variables=[("sea_ice_concentration", values, True, "uint8")])
    with open(path, "rb") as file:
        data = file.read()
    if name.startswith("nt_"):
        date = re.search(r"nt_(\d{6,8})_", name).group(1)
        values = nsidc(data)
        crs, transform = nsidc_place(values.shape)
        times = [f"{date[:4]}-{date[4:6]}-{date[6:] or '01'}T00:00:00Z"]
        return dict(crs=crs, transform=transform, times=times, variables=[("sea_ice_concentration", values, True, "uint8")])
    crs, transform = nsidc_place((448, 304))
    if name.endswith(".dat"):
        scale = 1000.0 if "area" in name else 100000.0
        values, dtype = np.frombuffer(data, "<i4").reshape(448, 304) / scale, "int32"
    else:
        values, dtype = np.frombuffer(data, "u1").reshape(448, 304).astype("f8"), "uint8"
    return dict(crs=crs, transform=transform, times=[], variables=[(None, values, True, dtype)])


def read_geotiff(path):
    import rasterio
    from rasterio.enums import ColorInterp

    with rasterio.open(path) as d:
        index = re.match(r"^[NS]_(\d{6,8})_concentration_v", os.path.basename(path))
        variables = []
        for i in d.indexes:
            band = d.read(i).astype("f8")
            if d.colorinterp[i - 1] != ColorInterp.alpha:
                band[d.read_masks(i) == 0] = np.nan
            if index:  # the palette's codes: tenths of a percent, flags above 1000
                band = np.where(band > 1000, np.nan, band / 10)
            name = d.descriptions[i - 1] or f"band{i}"
            variables.append((None if index else name, band, bool(index), d.dtypes[i - 1]))
        placed = d.crs is not None or d.transform != rasterio.Affine.identity()
        times = []
        if index:
            digits = index.group(1)
            times = [f"{digits[:4]}-{digits[4:6]}-{digits[6:] or '01'}T00:00:00Z"]
        crs = d.crs.to_wkt() if d.crs else None
        return dict(crs=crs, transform=list(d.transform.to_gdal()) if placed else None, times=times, variables=variables)


def read_picture(path):
    from PIL import Image

    image = np.asarray(Image.open(path))
    image = image[:, :, None] if image.ndim == 2 else image
    bands = [(f"band{i + 1}", image[:, :, i].astype("f8"), False, image.dtype.name) for i in range(image.shape[2])]
    return dict(crs=None, transform=None, times=[], variables=bands)


def cf_decode(variable):
    import netCDF4

    stored = variable[:]
    attrs = {name: variable.getncattr(name) for name in variable.ncattrs()}
    dtype = stored.dtype
    if str(attrs.get("_Unsigned", "")).lower() == "true" and dtype.kind == "i":
        stored = stored.view(dtype.str.replace("i", "u"))
    missing = np.zeros(stored.shape, bool)
    for key in ("_FillValue", "missing_value"):
        if key in attrs:
            missing |= np.isin(stored, np.asarray(attrs[key]).astype(stored.dtype))
    if "_FillValue" not in attrs and dtype.itemsize > 1:
        missing |= stored == np.array(netCDF4.default_fillvals[dtype.str[1:]]).astype(dtype)
    low, high = attrs.get("valid_range", (attrs.get("valid_min"), attrs.get("valid_max")))
    if low is not None:
        missing |= stored < np.asarray(low).astype(stored.dtype)
    if high is not None:
        missing |= stored > np.asarray(high).astype(stored.dtype)
    words = str(attrs.get("flag_meanings", "")).split()
    measured = "scale_factor" in attrs or dtype.kind == "f"
    if words and measured and "flag_values" in attrs:
        missing |= np.isin(stored, np.asarray(attrs["flag_values"]).astype(stored.dtype))
    scaled = "scale_factor" in attrs or "add_offset" in attrs
    values = stored.astype("f8") * float(attrs.get("scale_factor", 1)) + float(attrs.get("add_offset", 0))
    values[missing | np.isnan(values)] = np.nan
    return values, scaled


def cf_type(variable):
    unsigned = str(getattr(variable, "_Unsigned", "")).lower() == "true"
    return ("u" if unsigned and variable.dtype.kind == "i" else "") + variable.dtype.name


def cf_crs(d):
    from pyproj import CRS

    for variable in d.variables.values():
        names = variable.ncattrs()
        for key in ("crs_wkt", "spatial_ref"):
            if key in names:
                return variable.getncattr(key)
        if "proj4_string" in names:
            return variable.getncattr("proj4_string")
        if "grid_mapping_name" in names:
            return CRS.from_cf({n: variable.getncattr(n) for n in names}).to_wkt()
    return None


def cf_axis(d, standard):
    for variable in d.variables.values():
        if getattr(variable, "standard_name", "") == standard and variable.ndim == 1:
            values = np.asarray(variable[:], "f8")
            return values * (1000 if variable.units in ("km", "kilometers") else 1)
    return None


def read_netcdf(path):
    import cftime
    import netCDF4

    variables, times = [], []
    with netCDF4.Dataset(path) as d:
        d.set_auto_maskandscale(False)

        def walk(group, prefix):
            for name, variable in group.variables.items():
                if variable.ndim >= 2 and variable.dtype != str and variable.dtype.kind in "iuf":
                    values, scaled = cf_decode(variable)
                    variables.append((prefix + name, values, scaled, cf_type(variable)))
            for name, child in group.groups.items():
                walk(child, f"{prefix}{name}/")

        walk(d, "")
        time = next((v for v in d.variables.values() if getattr(v, "standard_name", "") == "time"), None)
        if time is not None:
            calendar = getattr(time, "calendar", "standard")
            dates = cftime.num2date(np.atleast_1d(time[:]), time.units, calendar)
            times = [date.strftime("%Y-%m-%dT%H:%M:%SZ") for date in dates]
        x, y = cf_axis(d, "projection_x_coordinate"), cf_axis(d, "projection_y_coordinate")
        transform = None
        if x is not None and y is not None:
            dx, dy = (x[-1] - x[0]) / (x.size - 1), (y[-1] - y[0]) / (y.size - 1)
            top = max(y[0], y[-1]) + abs(dy) / 2
            transform = [min(x[0], x[-1]) - abs(dx) / 2, abs(dx), 0, top, 0, -abs(dy)]
        return dict(crs=cf_crs(d), transform=transform, times=times, variables=variables)


def read_npz(path):
    archive = np.load(path, allow_pickle=False)
    arrays = {"arr_0": archive} if isinstance(archive, np.ndarray) else {k: archive[k] for k in archive.files}
    named = [(k, a.astype("f8"), False, a.dtype.name) for k, a in arrays.items() if a.ndim >= 2]
    if isinstance(archive, np.ndarray):
        named = [(None, *rest) for _, *rest in named]
    return dict(crs=None, transform=None, times=[], variables=named)


def read_hdf4(path):
    from pyhdf.SD import SD, SDC

    file = SD(path, SDC.READ)
    variables = []
    for index in range(file.info()[0]):
        dataset = file.select(index)
        name, rank, *_ = dataset.info()
        if rank < 2:
            continue
        attrs = dataset.attributes()
        stored = dataset.get()
        values = stored.astype("f8")
        missing = np.zeros(stored.shape, bool)
        if "_FillValue" in attrs:
            missing |= stored == attrs["_FillValue"]
        if "valid_range" in attrs:
            missing |= (stored < attrs["valid_range"][0]) | (stored > attrs["valid_range"][1])
        scale, offset = attrs.get("scale_factor", 1.0), attrs.get("add_offset", 0.0)
        values = (values - offset) * scale
        values[missing] = np.nan
        variables.append((name, values, "scale_factor" in attrs, stored.dtype.name))
    return dict(crs=UNKNOWN, transform=UNKNOWN, times=UNKNOWN, variables=variables)


def read_zarr(path):
    import xarray as xr
    from pyproj import CRS

    stored = xr.open_zarr(path, decode_times=False, mask_and_scale=False)
    d = xr.open_zarr(path)
    scaled = lambda v: any(key in v.encoding for key in ("scale_factor", "add_offset"))
    variables = [
        (n, v.values.astype("f8"), scaled(v), stored[n].dtype.name) for n, v in d.variables.items() if v.ndim >= 2
    ]
    times = []
    if "time" in d.coords and d["time"].dtype.kind == "M":
        times = [f"{t}Z" for t in d["time"].values.astype("datetime64[s]").astype(str)]
    transform = None
    if "x" in d.coords and "y" in d.coords:
        x, y = d["x"].values, d["y"].values
        dx, dy = x[1] - x[0], y[1] - y[0]
        transform = [x[0] - dx / 2, dx, 0, y[0] - dy / 2, 0, dy]
    crs = CRS.from_cf(d["crs"].attrs).to_wkt() if "crs" in d.variables else None
    return dict(crs=crs, transform=transform, times=times, variables=variables)


READERS = {
    "flat-binary": read_flat,
    "geotiff": read_geotiff,
    "jp2": read_geotiff,
    "png": read_picture,
    "jpeg": read_picture,
    "netcdf-3": read_netcdf,
    "netcdf-4": read_netcdf,
    "npz": read_npz,
    "npy": read_npz,
    "hdf4": read_hdf4,
    "zarr": read_zarr,
}


def same_crs(ours, theirs):
    from pyproj import CRS

    if ours is None or theirs is None:
        return ours is None and theirs is None
    a, b = CRS.from_user_input(ours), CRS.from_user_input(theirs)
    if a.equals(b, ignore_axis_order=True) or a.to_epsg() == b.to_epsg() is not None:
        return True
    # The same map by its numbers: names of datums differ between writers.
    from pyproj import Transformer

    points = [(-30.0, 75.0), (100.0, 68.0), (10.0, 88.0)] if "-90" not in b.to_proj4() else [(0.0, -70.0), (90.0, -80.0)]
    one = Transformer.from_crs(a.geodetic_crs, a, always_xy=True)
    two = Transformer.from_crs(b.geodetic_crs, b, always_xy=True)
    return all(np.allclose(one.transform(*p), two.transform(*p), rtol=0, atol=1e-3) for p in points)


def compare_raster(entry):
    theirs = READERS[entry["format"]](entry["file"])
    out = {"variables": len(theirs["variables"])}
    ours = {v["name"]: v for v in entry["variables"]}
    names = [n for n, *_ in theirs["variables"] if n is not None]
    anonymous = len(names) < len(theirs["variables"])
    wanted = [v["name"] for v in entry["variables"]]
    # Readers of Zarr order by name where nothing says otherwise.
    out["names"] = anonymous or (sorted(names) == sorted(wanted) if entry["format"] == "zarr" else names == wanted)
    worst, masks, values, types = 0.0, True, True, True
    for i, (name, reference, scaled, dtype) in enumerate(theirs["variables"]):
        mine = entry["variables"][i] if name is None else ours.get(name)
        if mine is None:
            values = masks = False
            continue
        types &= mine["dtype"] == dtype
        data = np.fromfile(mine["values"], TYPES[mine["type"]]).reshape(mine["shape"])
        reference = reference.reshape(data.shape) if reference.size == data.size else reference
        if reference.shape != data.shape:
            values = masks = False
            continue
        masks &= bool(np.array_equal(np.isnan(data), np.isnan(reference)))
        both = ~np.isnan(data) & ~np.isnan(reference)
        # Ours are single precision where that holds every stored number.
        limit = 1e-6 * np.maximum(1, np.abs(reference[both])) if scaled else 0
        exact = reference[both].astype(data.dtype).astype("f8") if not scaled else reference[both]
        difference = np.abs(data[both] - exact)
        values &= bool(np.all(difference <= limit))
        worst = max(worst, float(difference.max()) if difference.size else 0.0)
    out["types"], out["values"], out["mask"], out["largest"] = types, values, masks, worst
    if theirs["crs"] != UNKNOWN:
        out["crs"] = same_crs(entry["crs"], theirs["crs"])
    if theirs["transform"] == UNKNOWN:
        pass
    elif theirs["transform"] is None or entry["transform"] is None:
        out["transform"] = theirs["transform"] is None and entry["transform"] is None
    else:
        out["transform"] = bool(np.allclose(entry["transform"], theirs["transform"], rtol=1e-12, atol=1e-6))
    if theirs["times"] != UNKNOWN:
        out["time"] = theirs["times"] == entry["times"]
    return out


def compare_chart(entry):
    import shapefile
    from pyproj import CRS, Geod

    reader = shapefile.Reader(entry["file"])
    ours = np.fromfile(entry["points"], "<f8").reshape(-1, 2)
    shapes = [s for s in reader.shapes() if s.shapeType != shapefile.NULL]
    theirs = np.array([p[:2] for s in shapes for p in s.points])
    out = {"variables": len(shapes), "names": len(shapes) == entry["polygons"]}
    out["values"] = ours.shape == theirs.shape and bool(np.array_equal(ours, theirs))
    codes = {}
    for field in ("CT", "SA", "POLY_TYPE"):
        if field in [f[0] for f in reader.fields]:
            codes[field] = dict(Counter(str(r[field]).strip() for r in reader.records()))
    out["mask"] = all(entry["codes"].get(k) == v for k, v in codes.items())
    geod, areas = Geod(ellps="WGS84"), Counter()
    for shape, record in zip(shapes, reader.records()):
        parts = list(shape.parts) + [len(shape.points)]
        total = 0.0
        for start, end in zip(parts, parts[1:]):
            ring = np.array([p[:2] for p in shape.points[start:end]])
            ring[:, 0] = np.unwrap(ring[:, 0], period=360)  # an edge over 180 degrees crosses the dateline
            steps = np.maximum(1, np.ceil(np.abs(np.diff(ring, axis=0)).max(axis=1) / 0.01)).astype(int)
            dense = np.concatenate([np.linspace(a, b, n, endpoint=False) for a, b, n in zip(ring, ring[1:], steps)])
            total += geod.polygon_area_perimeter(dense[:, 0], dense[:, 1])[0]
        areas[str(record["CT"]).strip()] += abs(total) / 1e6
    relative = [abs(entry["areaKm2"][k] / v - 1) for k, v in areas.items() if v > 1]
    out["largest"] = max(relative, default=0.0)
    out["area"] = all(r < 1e-4 for r in relative)
    out["crs"] = same_crs(entry["crs"], CRS.from_user_input("EPSG:4326").to_wkt())
    return out


def check_written(entry):
    """Files of our writers, opened by those who will use them."""
    import subprocess

    kind, path, out = entry["format"], entry["file"], {"variables": 1, "largest": 0.0}
    expected = np.fromfile(entry["values"], TYPES[entry["type"]]).reshape(entry["shape"])
    good = lambda a: bool(np.array_equal(np.asarray(a, "f4").reshape(expected.shape), expected.astype("f4"), equal_nan=True))
    if kind == "geotiff":
        import rasterio
        from rio_cogeo import cog_validate

        valid, errors, warnings = cog_validate(path, strict=True, quiet=True)
        with rasterio.open(path) as d:
            data = d.read(1).astype("f8")
            data[d.read_masks(1) == 0] = np.nan
            data = data * d.scales[0] + d.offsets[0]
            out.update(values=good(data), mask=valid, crs=d.crs.to_epsg() == entry["epsg"], transform=list(d.transform.to_gdal()) == entry["transform"])
            out["note"] = "; ".join(errors + warnings)
    elif kind == "geojson":
        from pyproj import Transformer
        from shapely.geometry import shape
        from shapely.ops import transform as project

        with open(path) as file:
            features = json.load(file)["features"]
        shapes = [shape(f["geometry"]) for f in features]
        equal = Transformer.from_crs(4326, 6931, always_xy=True).transform
        area = sum(project(equal, s).area for s in shapes) / 1e6
        said = sum(f["properties"]["areaKm2"] for f in features)
        out.update(values=abs(area / said - 1) < 1e-3, mask=all(s.is_valid for s in shapes))
        out["variables"], out["largest"] = len(shapes), abs(area / said - 1)
    else:
        import xarray as xr
        from pyproj import CRS

        d = xr.open_dataset(path) if kind == "netcdf-4" else xr.open_zarr(path)
        v = d[entry["name"]]
        x, y = d["x"].values, d["y"].values
        place = [x[0] - (x[1] - x[0]) / 2, x[1] - x[0], 0, y[0] - (y[1] - y[0]) / 2, 0, y[1] - y[0]]
        out.update(values=good(v.values), transform=bool(np.allclose(place, entry["transform"])), crs=CRS.from_cf(d["crs"].attrs).to_epsg() == entry["epsg"])
        out["time"] = f'{d["time"].values[0].astype("datetime64[s]")}Z' == entry["times"][0] and v.attrs.get("units") == entry["units"]
        out["mask"] = True
        if kind == "netcdf-4":
            checker = os.path.join(os.path.dirname(sys.executable), "compliance-checker")
            done = subprocess.run([checker, "--test=cf:1.8", path], capture_output=True, text=True)
            out["mask"] = done.returncode == 0
            out["note"] = "" if out["mask"] else done.stdout[-600:]
    return out


def compare_warp(entry):
    """Our grid against rasterio's of the same field."""
    import rasterio
    from rasterio.warp import Resampling, reproject

    s, t = entry["source"], entry["target"]
    field = np.fromfile(entry["field"], "<f4").reshape(s["height"], s["width"])
    ours = np.fromfile(entry["values"], "<f4").reshape(t["height"], t["width"])
    theirs = np.full(ours.shape, np.nan, "f4")
    reproject(field, theirs, src_transform=rasterio.Affine.from_gdal(*s["transform"]), src_crs=s["crs"], dst_transform=rasterio.Affine.from_gdal(*t["transform"]), dst_crs=t["crs"], src_nodata=np.nan, dst_nodata=np.nan, resampling=Resampling[entry["method"]])
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    same = (np.isnan(ours) & np.isnan(theirs)) | (ours == theirs)
    span = float(np.nanmax(field) - np.nanmin(field))
    difference = np.abs(ours[both] - theirs[both]) / span
    masks = float((np.isnan(ours) == np.isnan(theirs)).mean())
    out = {"variables": 1, "mask": masks >= 0.999}
    out["largest"] = float(difference.max()) if difference.size else 0.0
    if entry["method"] == "nearest":
        out["values"], out["note"] = bool(same.mean() >= 0.999), f"{100 * same.mean():.4f} % identical"
    elif entry["method"] == "bilinear":
        out["values"] = bool((difference <= 1e-3).all())
        out["note"] = f"99.9 % of cells within {np.quantile(difference, 0.999):.1e} of the range"
    else:  # GDAL weighs by the box between two corners, ours by exact overlap
        out["values"] = bool(np.median(difference) <= 1e-2)
        out["note"] = f"median {np.median(difference):.1e} of the range"
    return out


def make(folder):
    """Files of the formats that are seldom at hand, made by the reference libraries."""
    import rasterio
    import xarray as xr
    from pyhdf.SD import SD, SDC
    from pyproj import CRS

    rng = np.random.default_rng(1)
    sd = SD(os.path.join(folder, "made.hdf"), SDC.WRITE | SDC.CREATE)
    for name, kind, dtype in (("reflectance", SDC.INT16, "i2"), ("class", SDC.UINT8, "u1"), ("temperature", SDC.FLOAT32, "f4")):
        data = sd.create(name, kind, (300, 200))
        data.setcompress(SDC.COMP_DEFLATE, 6)
        values = (rng.random((300, 200)) * 200).astype(dtype)
        if name == "reflectance":
            values[:10] = -28672
            data._FillValue, data.valid_range, data.scale_factor = -28672, [-100, 16000], 0.0001
        data[:] = values
        data.endaccess()
    sd.end()
    profile = dict(width=700, height=500, crs="EPSG:32633", transform=rasterio.Affine(10, 0, 500000, 0, -10, 8700000))
    image = (rng.random((500, 700)) * 4000).astype("u2")
    with rasterio.open(os.path.join(folder, "made.jp2"), "w", driver="JP2OpenJPEG", count=1, dtype="uint16", QUALITY="100", REVERSIBLE="YES", BLOCKXSIZE=256, BLOCKYSIZE=256, **profile) as d:
        d.write(image, 1)
    for name, options in (
        ("lzw.tif", dict(driver="GTiff", compress="lzw", predictor=2)),
        ("big-zstd.tif", dict(driver="GTiff", compress="zstd", tiled=True, BIGTIFF="YES", blockxsize=128, blockysize=128)),
        ("cog.tif", dict(driver="COG", compress="deflate")),
    ):
        with rasterio.open(os.path.join(folder, name), "w", count=2, dtype="uint16", nodata=7, **options, **profile) as d:
            d.write(np.stack([image, image[::-1]]))
    field = xr.DataArray(rng.random((3, 40, 50)), dims=("time", "y", "x")).where(lambda a: a > 0.1)
    codes = xr.DataArray((rng.random((3, 40, 50)) * 100).astype("f4"), dims=field.dims).where(lambda a: a > 10)
    place = {
        "time": np.array(["2019-09-09T12:00", "2019-09-10T12:00", "2019-09-12T00:00"], "datetime64[ns]"),
        "y": ("y", 5_000_000.0 - 25_000 * np.arange(40), {"standard_name": "projection_y_coordinate", "units": "m"}),
        "x": ("x", -600_000.0 + 25_000 * np.arange(50), {"standard_name": "projection_x_coordinate", "units": "m"}),
        "crs": ((), 0, CRS.from_epsg(3413).to_cf()),
    }
    placed = xr.Dataset({"field": field, "packed": codes}, place)
    for name in ("field", "packed"):
        placed[name].attrs["grid_mapping"] = "crs"
    packed = {"packed": {"dtype": "int16", "scale_factor": 0.01, "add_offset": 5.0, "_FillValue": -999}}
    for number, name in ((2, "two.zarr"), (3, "three.zarr")):
        placed.to_zarr(os.path.join(folder, name), zarr_format=number, encoding=packed)
    np.save(os.path.join(folder, "made.npy"), np.asfortranarray(rng.integers(-500, 500, (30, 40)).astype(">i2")))


if sys.argv[1:2] == ["make"]:
    make(sys.argv[2])
    sys.exit()

KINDS = {"raster": compare_raster, "chart": compare_chart, "written": check_written, "warp": compare_warp}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = KINDS[request["kind"]](request)
    except Exception as error:  # one file must not end the others
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
