import type { Component } from 'vue'
import type { Role } from '../../preload/contract/route.ts'
import {
  mdiAccountGroupOutline,
  mdiAccountCheckOutline,
  mdiBackupRestore,
  mdiChartBellCurve,
  mdiClipboardListOutline,
  mdiChartBoxOutline,
  mdiChartLine,
  mdiChartTimelineVariant,
  mdiCheckDecagramOutline,
  mdiClipboardTextOutline,
  mdiCompareHorizontal,
  mdiCropFree,
  mdiCubeOutline,
  mdiDatabaseOutline,
  mdiEyeOutline,
  mdiFileDocumentOutline,
  mdiFlaskOutline,
  mdiFolderOpenOutline,
  mdiInformationOutline,
  mdiLabelOutline,
  mdiLockOutline,
  mdiScaleBalance,
  mdiSchoolOutline,
  mdiShieldCheckOutline,
  mdiTuneVariant,
} from '@mdi/js'

export type Group = 'reading' | 'study' | 'agreement' | 'network' | 'program'

export interface Page {
  name: string
  path: string
  access: 'anyone' | 'signed-in' | readonly Role[]
  load: () => Promise<{ default: Component }>
  /** Where it stands in the navigation; pages without a group are reached from another page. */
  group?: Group
  icon?: string
  immersive?: boolean
  /** Nothing but the page: for the projector. */
  bare?: boolean
}

const ofStudy = (rest: string): string => `/studies/:studyId/${rest}`
const lead = ['lead'] as const
const network = ['trainer', 'lead'] as const

/** Every page, in the order of the navigation. A page with `:studyId` belongs to the study chosen at the top. */
export const pages: readonly Page[] = [
  { name: 'first-start', path: '/first-start', access: 'anyone', load: () => import('../account/FirstStartPage.vue') },
  { name: 'sign-in', path: '/sign-in', access: 'anyone', load: () => import('../account/SignInPage.vue') },
  {
    name: 'studies',
    path: '/studies',
    access: 'signed-in',
    load: () => import('../studies/StudiesPage.vue'),
    group: 'study',
    icon: mdiClipboardTextOutline,
  },
  { name: 'password', path: '/password', access: 'signed-in', load: () => import('../account/PasswordPage.vue') },
  {
    name: 'reading',
    path: ofStudy('reading'),
    access: ['reader'],
    load: () => import('../reading/ReadingPage.vue'),
    group: 'reading',
    icon: mdiEyeOutline,
    immersive: true,
  },
  {
    name: 'progress',
    path: ofStudy('progress'),
    access: ['reader'],
    load: () => import('../progress/ProgressPage.vue'),
    group: 'reading',
    icon: mdiChartTimelineVariant,
  },
  {
    name: 'comparison',
    path: ofStudy('comparison/:scanId?'),
    access: ['reader'],
    load: () => import('../comparison/ComparisonPage.vue'),
    group: 'reading',
    icon: mdiCompareHorizontal,
  },
  {
    name: 'setup',
    path: ofStudy('setup'),
    access: ['lead', 'administrator'],
    load: () => import('../studies/SetupPage.vue'),
    group: 'study',
    icon: mdiTuneVariant,
  },
  {
    name: 'design',
    path: ofStudy('design'),
    access: ['lead', 'administrator'],
    load: () => import('../studies/design/DesignPage.vue'),
    group: 'study',
    icon: mdiClipboardListOutline,
  },
  {
    name: 'scans',
    path: ofStudy('scans'),
    access: ['lead', 'administrator', 'trainer'],
    load: () => import('../scans/ScansPage.vue'),
    group: 'study',
    icon: mdiFolderOpenOutline,
  },
  {
    name: 'regions',
    path: ofStudy('regions/:scanId?'),
    access: ['lead', 'trainer'],
    load: () => import('../region/RegionsPage.vue'),
    group: 'study',
    icon: mdiCropFree,
    immersive: true,
  },
  {
    name: 'overview',
    path: ofStudy('overview'),
    access: lead,
    load: () => import('../lead/overview/OverviewPage.vue'),
    group: 'agreement',
    icon: mdiChartBoxOutline,
  },
  {
    name: 'agreement-help',
    path: ofStudy('agreement-help'),
    access: lead,
    load: () => import('../lead/help/AgreementHelpPage.vue'),
  },
  {
    name: 'disagreement',
    path: ofStudy('disagreement'),
    access: lead,
    load: () => import('../lead/disagreement/DisagreementPage.vue'),
    group: 'agreement',
    icon: mdiScaleBalance,
  },
  {
    name: 'adjudication',
    path: ofStudy('adjudication/:scanId?'),
    access: lead,
    load: () => import('../lead/adjudication/AdjudicationPage.vue'),
    group: 'agreement',
    icon: mdiCheckDecagramOutline,
  },
  {
    name: 'meeting',
    path: ofStudy('meeting/:scanId?'),
    access: lead,
    load: () => import('../lead/meeting/MeetingPage.vue'),
    bare: true,
  },
  {
    name: 'quality',
    path: ofStudy('quality'),
    access: lead,
    load: () => import('../lead/quality/QualityPage.vue'),
    group: 'agreement',
    icon: mdiAccountCheckOutline,
  },
  {
    name: 'sealing',
    path: ofStudy('sealing'),
    access: lead,
    load: () => import('../lead/sealing/SealingPage.vue'),
    group: 'agreement',
    icon: mdiLockOutline,
  },
  {
    name: 'labels',
    path: ofStudy('labels'),
    access: network,
    load: () => import('../lead/labels/LabelsPage.vue'),
    group: 'agreement',
    icon: mdiLabelOutline,
  },
  {
    name: 'report',
    path: ofStudy('report'),
    access: lead,
    load: () => import('../lead/report/ReportPage.vue'),
    group: 'agreement',
    icon: mdiFileDocumentOutline,
  },
  {
    name: 'training',
    path: ofStudy('training'),
    access: ['trainer'],
    load: () => import('../training/start/TrainingPage.vue'),
    group: 'network',
    icon: mdiSchoolOutline,
  },
  {
    name: 'runs',
    path: ofStudy('runs/:runId?'),
    access: network,
    load: () => import('../training/runs/RunsPage.vue'),
    group: 'network',
    icon: mdiChartLine,
  },
  {
    name: 'models',
    path: ofStudy('models/:modelId?'),
    access: network,
    load: () => import('../training/models/ModelsPage.vue'),
    group: 'network',
    icon: mdiCubeOutline,
  },
  {
    name: 'compare',
    path: ofStudy('compare'),
    access: network,
    load: () => import('../training/compare/ComparePage.vue'),
  },
  {
    name: 'predictions',
    path: ofStudy('predictions/:modelId?'),
    access: network,
    load: () => import('../training/predictions/PredictionsPage.vue'),
    group: 'network',
    icon: mdiChartBellCurve,
  },
  {
    name: 'experiment',
    path: '/experiment',
    access: network,
    load: () => import('../training/experiment/ExperimentPage.vue'),
    group: 'network',
    icon: mdiFlaskOutline,
  },
  {
    name: 'people',
    path: '/people',
    access: ['administrator'],
    load: () => import('../people/PeoplePage.vue'),
    group: 'program',
    icon: mdiAccountGroupOutline,
  },
  {
    name: 'backups',
    path: '/backups',
    access: ['administrator', 'lead'],
    load: () => import('../safety/BackupsPage.vue'),
    group: 'program',
    icon: mdiBackupRestore,
  },
  {
    name: 'place',
    path: '/place',
    access: ['administrator'],
    load: () => import('../safety/DataPlacePage.vue'),
    group: 'program',
    icon: mdiDatabaseOutline,
  },
  {
    name: 'audit',
    path: '/audit',
    access: ['administrator', 'lead'],
    load: () => import('../safety/AuditPage.vue'),
    group: 'program',
    icon: mdiShieldCheckOutline,
  },
  {
    name: 'about',
    path: '/about',
    access: 'signed-in',
    load: () => import('../about/AboutPage.vue'),
    group: 'program',
    icon: mdiInformationOutline,
  },
]
