import { about } from './en/about.ts'
import { account } from './en/account.ts'
import { agreement } from './en/agreement.ts'
import { card } from './en/card.ts'
import { charts } from './en/charts.ts'
import { classes } from './en/classes.ts'
import { common } from './en/common.ts'
import { comparison } from './en/comparison.ts'
import { design } from './en/design.ts'
import { desk } from './en/desk.ts'
import { errors } from './en/errors.ts'
import { estimate } from './en/estimate.ts'
import { evaluation } from './en/evaluation.ts'
import { experiment } from './en/experiment.ts'
import { keychain } from './en/keychain.ts'
import { lead } from './en/lead.ts'
import { licences } from './en/licences.ts'
import { motion } from './en/motion.ts'
import { network } from './en/network.ts'
import { networkErrors } from './en/network-errors.ts'
import { pacs } from './en/pacs.ts'
import { packetErrors } from './en/packet-errors.ts'
import { packets } from './en/packets.ts'
import { pages } from './en/pages.ts'
import { people } from './en/people.ts'
import { place } from './en/place.ts'
import { progress } from './en/progress.ts'
import { quality } from './en/quality.ts'
import { reading } from './en/reading.ts'
import { recipe } from './en/recipe.ts'
import { region } from './en/region.ts'
import { reporting } from './en/reporting.ts'
import { safety } from './en/safety.ts'
import { scans } from './en/scans.ts'
import { sealing } from './en/sealing.ts'
import { second } from './en/second.ts'
import { settling } from './en/settling.ts'
import { shell } from './en/shell.ts'
import { statistics } from './en/statistics.ts'
import { studies } from './en/studies.ts'
import { templates } from './en/templates.ts'
import { viewer } from './en/viewer.ts'

/** All text people read, an area a file. The German files have the same keys. */
export const en = {
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
