/** Media types of the answers. */
export const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  geojson: 'application/geo+json; charset=utf-8',
  netcdf: 'application/x-netcdf',
  cog: 'image/tiff; application=geotiff; profile=cloud-optimized',
  safetensors: 'application/octet-stream',
} as const;
