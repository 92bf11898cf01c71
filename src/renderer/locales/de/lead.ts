export const lead = {}
