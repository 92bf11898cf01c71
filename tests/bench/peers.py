"""Keras or PyTorch beside Concord: reads one JSON object a line ({net, size, batch, what, steps}) and answers the seconds they took.

First argument: keras or torch; second: cpu or gpu. The first line written says what it is; exit code 3: it is not installed.
"""
import json
import os
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
kind, device = sys.argv[1:3]
CLASSES = 5
FILTERS = {'walle2023': [16] * 5, 'bn': [16, 32, 64, 64, 128]}
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)


def say(value):
    answers.write(json.dumps(value) + '\n')
    answers.flush()


def with_keras():
    try:
        import keras
        import numpy as np
        import tensorflow as tf
    except ImportError:
        sys.exit(3)
    from keras import layers

    def build(net, size):
        x = inputs = layers.Input((size, size, 1))
        for block, filters in enumerate(FILTERS[net]):
            x = layers.Conv2D(filters, 3, padding='same', use_bias=net != 'bn')(x)
            if net == 'bn':
                x = layers.Activation('elu')(layers.BatchNormalization()(x))
            else:
                x = layers.LeakyReLU(negative_slope=0.3)(x)
            if net == 'bn' or block < 4:
                x = layers.MaxPooling2D(2)(x)
        x = layers.GlobalAveragePooling2D()(x)
        if net != 'bn':
            x = layers.Dense(32, activation='relu')(x)
        model = keras.Model(inputs, layers.Dense(CLASSES, activation='softmax')(x))
        model.compile(keras.optimizers.Adam(1e-3), 'categorical_crossentropy')
        return model

    def contender(net, size, batch):
        model = build(net, size)
        x = tf.constant(np.random.default_rng(1).random((batch, size, size, 1), np.float32))
        y = tf.one_hot(np.arange(batch) % CLASSES, CLASSES)
        return {
            'train': lambda: model.train_on_batch(x, y),
            'grade': lambda: model.predict_on_batch(x),
        }

    return f'Keras {keras.__version__}, TensorFlow {tf.__version__}', contender


def with_torch():
    try:
        import torch
        from torch import nn
    except ImportError:
        sys.exit(3)
    place = 'cuda' if device == 'gpu' else 'cpu'
    if device == 'gpu' and not torch.cuda.is_available():
        sys.exit(3)

    def build(net):
        parts, before = [], 1
        for block, filters in enumerate(FILTERS[net]):
            parts.append(nn.Conv2d(before, filters, 3, padding=1, bias=net != 'bn'))
            parts += [nn.BatchNorm2d(filters), nn.ELU()] if net == 'bn' else [nn.LeakyReLU(0.3)]
            if net == 'bn' or block < 4:
                parts.append(nn.MaxPool2d(2))
            before = filters
        parts += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        if net != 'bn':
            parts += [nn.Linear(before, 32), nn.ReLU()]
            before = 32
        return nn.Sequential(*parts, nn.Linear(before, CLASSES)).to(place, memory_format=torch.channels_last)

    def contender(net, size, batch):
        model = build(net)
        optimiser = torch.optim.Adam(model.parameters(), 1e-3)
        x = torch.rand(batch, 1, size, size, device=place).contiguous(memory_format=torch.channels_last)
        y = torch.arange(batch, device=place) % CLASSES

        def train():
            model.train()
            optimiser.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            return loss.item()

        def grade():
            model.eval()
            with torch.inference_mode():
                return model(x).softmax(1).cpu().numpy()

        return {'train': train, 'grade': grade}

    return f'PyTorch {torch.__version__}, channels last', contender


name, make = with_keras() if kind == 'keras' else with_torch()
say(name)
made = {}
for asked in sys.stdin:
    job = json.loads(asked)
    key = (job['net'], job['size'], job['batch'])
    if key not in made:
        made[key] = make(*key)
    step = made[key][job['what']]
    began = time.perf_counter()
    for _ in range(job['steps']):
        step()
    say(time.perf_counter() - began)
