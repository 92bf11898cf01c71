import type { Colours } from './blocks.ts'

/** What published weights were learned on, for a grey value of 0 to 1 in all three channels. */

/** torchvision: red, green and blue by ImageNet's mean and deviation. */
export const torchColours: Colours = {
  scale: [1 / 0.229, 1 / 0.224, 1 / 0.225],
  shift: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
}

/** Keras' "tf" mode (MobileNetV2, InceptionV3), and torchvision's GoogLeNet: -1 to 1. */
export const signedColours: Colours = { scale: [2, 2, 2], shift: [-1, -1, -1] }

/** Keras' "caffe" mode (ResNet50): blue, green and red of 0 to 255, less ImageNet's mean. */
export const caffeColours: Colours = { scale: [255, 255, 255], shift: [-103.939, -116.779, -123.68] }
