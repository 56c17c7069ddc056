// An ice chart as GeoTIFF, read back, its areas outlined as GeoJSON: with require().
const { statSync } = require('node:fs');
const { generateIceScene, ICE_CLASSES } = require('@arctic/data-synth');
const {
  feature,
  polygonAreaKm2,
  polygonise,
  readRaster,
  toLonLat,
  writeGeoJson,
  writeGeoTiff,
} = require('@arctic/raster');

const SIZE = 256;
const PIXEL_M = 40;
const CRS = 'EPSG:3413'; // the polar stereographic grid of the north
const LEAST_CELLS = 25;
const PALETTE = [
  [20, 50, 90],
  [130, 170, 200],
  [245, 248, 250],
];

async function main() {
  const { classMap, fractions } = generateIceScene({ seed: 11, size: SIZE, class: 2 });
  await writeGeoTiff('chart.tif', {
    height: SIZE,
    width: SIZE,
    bands: [{ name: 'ice_class', description: ICE_CLASSES.join(', ') }],
    dtype: 'uint8',
    crs: CRS,
    transform: [400_000, PIXEL_M, 0, -900_000, 0, -PIXEL_M],
    nodata: 255,
    palette: PALETTE,
    rows: (first, count) => classMap.subarray(first * SIZE, (first + count) * SIZE),
  });

  const { array, crs, transform, mask } = await readRaster('chart.tif');
  const differ = array.data.filter((value, i) => value !== classMap[i]).length;
  console.log(
    `chart.tif: ${statSync('chart.tif').size} bytes, ${crs}, ${differ} of ${SIZE ** 2} pixels differ`,
  );

  const regions = polygonise(array.data, SIZE, SIZE, { transform, mask });
  const features = regions
    .filter(({ cells }) => cells >= LEAST_CELLS)
    .map(({ value, geometry }) => {
      const rings = geometry.coordinates.map((ring) => Float64Array.from(ring.flat()));
      const km2 = Number(polygonAreaKm2(rings, crs).toFixed(4));
      return feature(toLonLat(geometry, crs), { class: ICE_CLASSES[value], km2 });
    });
  await writeGeoJson('areas.geojson', features, { name: 'ice areas' });
  for (const [i, name] of ICE_CLASSES.entries()) {
    const areas = features.filter(({ properties }) => properties.class === name);
    const km2 = areas.reduce((sum, { properties }) => sum + properties.km2, 0);
    const percent = (100 * fractions[i]).toFixed(1);
    console.log(`${name}: ${percent} % of the chart, ${areas.length} areas, ${km2.toFixed(1)} km²`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
