import { aim } from './aim.ts'
import { dicom } from './dicom.ts'
import { isq } from './isq.ts'
import { mha } from './mha.ts'
import { nifti } from './nifti.ts'
import { nrrd } from './nrrd.ts'
import { jpeg, png, tiff } from './pictures.ts'
import type { Reader } from './reader.ts'

/** Every format. DICOM first: its preamble may hold the start of a TIFF (PS3.10 7.1). */
export const readers: readonly Reader[] = [dicom, isq, aim, png, jpeg, tiff, nrrd, nifti, mha]
