"""The networks of this repository in PyTorch, with the same parameter names."""

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import resnet34, resnet50


class Classifier(nn.Module):
    """torchvision's own ResNet-50."""

    def __init__(self, classes=3):
        super().__init__()
        self.net = resnet50(num_classes=classes)

    def load(self, weights):
        load(self.net, weights)

    def forward(self, images):
        return self.net(images)

    @staticmethod
    def loss(logits, labels):
        return F.cross_entropy(logits, labels)


class DoubleConvolution(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(x)), inplace=True)


class Siamese(nn.Module):
    """One ResNet-34 for both dates, absolute differences at every scale, a U-Net decoder."""

    def __init__(self, stages=(256, 128, 64, 32, 16), features=(512, 256, 128, 64, 64, 3)):
        super().__init__()
        self.encoder = resnet34()
        self.encoder.fc = nn.Identity()
        below = (features[0], *stages)
        self.decoder = nn.ModuleList(
            DoubleConvolution(below[i] + features[i + 1], stages[i]) for i in range(len(stages))
        )
        self.head = nn.Conv2d(stages[-1], 1, 3, padding=1)

    def load(self, weights):
        load(self, weights)

    def forward(self, a, b):
        net = self.encoder
        x = net.relu(net.bn1(net.conv1(torch.cat([a, b]))))
        features = [x]
        x = net.maxpool(x)
        for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
            x = stage(x)
            features.append(x)
        differences = [torch.abs(a - b)]
        for feature in features:
            first, second = feature.chunk(2)
            differences.append(torch.abs(first - second))
        x = differences.pop()
        for stage in self.decoder:
            larger = F.interpolate(x, scale_factor=2, mode="nearest")
            x = stage(torch.cat([larger, differences.pop()], 1))
        return self.head(x)

    @staticmethod
    def loss(logits, target):
        bce = F.binary_cross_entropy_with_logits(logits, target)
        probability = torch.sigmoid(logits)
        overlap = (probability * target).sum()
        ratio = (2 * overlap + 1) / (probability.sum() + target.sum() + 1)
        return bce + 1 - ratio


def first_cell(gates):
    """The first step from zero: no hidden convolution, nothing to forget."""
    i, _, g, o = gates.chunk(4, 1)
    c = torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def cell(gates, h, c, weight):
    """One later step; `gates` is what the input adds."""
    i, f, g, o = (gates + F.conv2d(h, weight, padding=1)).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


class ConvLstmLayer(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.zeros(4 * hidden, inputs, 3, 3))
        self.weight_hh = nn.Parameter(torch.zeros(4 * hidden, hidden, 3, 3))
        self.bias = nn.Parameter(torch.zeros(4 * hidden))
        self.first_cell = first_cell
        self.cell = cell

    def forward(self, steps, state=None):
        """`steps` is a list of [B,C,H,W]."""
        outputs = []
        for x in steps:
            gates = F.conv2d(x, self.weight_ih, self.bias, padding=1)
            state = (
                self.first_cell(gates)
                if state is None
                else self.cell(gates, *state, self.weight_hh)
            )
            outputs.append(state[0])
        return outputs, state


class ConvLstm(nn.Module):
    """Encoder and forecaster of two layers each, a 1x1 convolution over both layers' outputs."""

    def __init__(self, hidden=32):
        super().__init__()
        self.encoder = nn.ModuleList([ConvLstmLayer(1, hidden), ConvLstmLayer(hidden, hidden)])
        self.forecaster = nn.ModuleList([ConvLstmLayer(1, hidden), ConvLstmLayer(hidden, hidden)])
        self.head = nn.ModuleDict({"change": nn.Conv2d(2 * hidden, 1, 1)})

    def load(self, weights):
        load(self, weights)

    def compile_cells(self, **options):
        """Compiles the steps alone: the whole unrolled graph takes many minutes and is no faster."""
        for layer in [*self.encoder, *self.forecaster]:
            layer.first_cell = torch.compile(first_cell, **options)
            layer.cell = torch.compile(cell, **options)

    def forward(self, past, future, reference):
        """`past` and `future` are [T,B,C,H,W], `reference` is [B,T,H,W]."""
        states = []
        steps = past.unbind(0)
        for layer in self.encoder:
            steps, state = layer(steps)
            states.append(state)
        steps = future.unbind(0)
        outputs = []
        for layer, state in zip(self.forecaster, states):
            steps, _ = layer(steps, state)
            outputs.append(torch.cat(steps))  # [T*B,C,H,W]
        change = self.head["change"](torch.cat(outputs, 1))  # [T*B,1,H,W]
        length, batch = future.shape[:2]
        return reference + change.view(length, batch, *reference.shape[2:]).transpose(0, 1)

    @staticmethod
    def loss(prediction, target, weights):
        counted = weights > 0
        error = torch.where(counted, prediction - target, 0.0)
        weight = torch.where(counted, weights, 0.0)
        return (weight * error.square()).sum() / weight.sum().clamp(min=1e-12)


def load(module, weights):
    """Fills a module with exactly these weights."""
    missing, unexpected = module.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"expected the same parameters; missing {missing}, unknown {unexpected}")


NETWORKS = {"resnet50": Classifier, "siamese": Siamese, "convlstm": ConvLstm}
