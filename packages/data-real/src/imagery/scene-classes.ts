/** Names of the classes of a label map, in the order of their numbers: those of the generated scenes. */
export const SCENE_CLASSES = ['open_water', 'thin_ice', 'thick_ice'] as const;

/** What a label map holds where nobody knows: land, cloud, no pixel, no chart. */
export const UNKNOWN = 255;
