"""Opens a store of writeCube with zarr-python (and xarray where it is installed) and prints what is in it.

Checked with: zarr 3.1.6, numpy 2.4.6, xarray 2026.9.0. Run by hand: python tools/check_with_zarr.py STORE.zarr
"""

import sys

import numpy as np
import zarr

group = zarr.open_group(sys.argv[1], mode="r")
print({key: value for key, value in group.attrs.items() if key != "duplicates"})
for name, array in group.arrays():
    print(name, array.shape, array.dtype, array.chunks, array.metadata.dimension_names, dict(array.attrs))
raw, attrs = group["sic"][:], group["sic"].attrs
sic = raw.astype("float32")
if "scale_factor" in attrs:
    sic = np.where(raw == attrs["_FillValue"], np.nan, raw / np.float32(1 / attrs["scale_factor"]))
print("sic", np.nanmin(sic), np.nanmax(sic), "mean", np.nanmean(sic, dtype="float64"), "NaN", np.isnan(sic).sum())

try:
    import xarray
except ImportError:
    sys.exit("xarray is not installed: zarr-python alone was checked")
data = xarray.open_zarr(sys.argv[1])
print(data)
same = np.array_equal(data["sic"].values.astype("float32"), sic.astype("float32"), equal_nan=True)
print("xarray gives the same values:", same)
