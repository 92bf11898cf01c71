// npm run experiment: networks trained on simulated readers' consensus, against the true grade; writes docs/experiment.md.
import { runOnElectronNode } from './lib/runtime.mjs'

process.exit(await runOnElectronNode(['tests/experiment/main.ts']))
