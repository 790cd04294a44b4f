/** The most that a run's or an activity's input or result may weigh as JSON: Temporal itself fails past 2 MB. */
export const payloadCapBytes = 256 * 1024;
