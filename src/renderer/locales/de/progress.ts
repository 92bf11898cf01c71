export const progress = {}
