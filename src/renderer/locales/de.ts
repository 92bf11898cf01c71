import type { en as english } from './en.ts'
import { about } from './de/about.ts'
import { account } from './de/account.ts'
import { agreement } from './de/agreement.ts'
import { card } from './de/card.ts'
import { charts } from './de/charts.ts'
import { classes } from './de/classes.ts'
import { common } from './de/common.ts'
import { comparison } from './de/comparison.ts'
import { design } from './de/design.ts'
import { desk } from './de/desk.ts'
import { errors } from './de/errors.ts'
import { estimate } from './de/estimate.ts'
import { evaluation } from './de/evaluation.ts'
import { experiment } from './de/experiment.ts'
import { keychain } from './de/keychain.ts'
import { lead } from './de/lead.ts'
import { licences } from './de/licences.ts'
import { motion } from './de/motion.ts'
import { network } from './de/network.ts'
import { networkErrors } from './de/network-errors.ts'
import { pacs } from './de/pacs.ts'
import { packetErrors } from './de/packet-errors.ts'
import { packets } from './de/packets.ts'
import { pages } from './de/pages.ts'
import { people } from './de/people.ts'
import { place } from './de/place.ts'
import { progress } from './de/progress.ts'
import { quality } from './de/quality.ts'
import { reading } from './de/reading.ts'
import { recipe } from './de/recipe.ts'
import { region } from './de/region.ts'
import { reporting } from './de/reporting.ts'
import { safety } from './de/safety.ts'
import { scans } from './de/scans.ts'
import { sealing } from './de/sealing.ts'
import { second } from './de/second.ts'
import { settling } from './de/settling.ts'
import { shell } from './de/shell.ts'
import { statistics } from './de/statistics.ts'
import { studies } from './de/studies.ts'
import { templates } from './de/templates.ts'
import { viewer } from './de/viewer.ts'

/** Deutsch; dieselben Schlüssel wie die englischen Dateien. */
export const de: typeof english = {
  about,
  account,
  agreement,
  card,
  charts,
  classes,
  common,
  comparison,
  errors: { ...errors, ...packetErrors, ...networkErrors },
  estimate,
  evaluation,
  experiment,
  keychain,
  lead,
  licences,
  motion,
  network,
  pacs,
  packets,
  pages,
  people,
  place,
  progress,
  reading,
  recipe,
  region,
  reporting,
  sealing,
  second,
  safety,
  scans,
  settling,
  shell,
  statistics,
  studies,
  templates,
  desk,
  design,
  quality,
  viewer,
}
