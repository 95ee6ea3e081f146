"""Points become pixels, all of them and where they belong."""

from __future__ import annotations

import numpy as np

from aegui.qt.views.scatter import Cloud, diameter, is_off, raster, stamp, stamped, visible, words

COLOURS = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)


def test_that_each_point_colours_its_own_pixel() -> None:
    places = np.array([[5.2, 3.9], [19.0, 10.5]])
    image = raster(places, np.array([0, 1]), COLOURS, 24, 14, 3.0)
    assert image.shape == (14, 24)
    full = words(COLOURS, 0.9)
    assert image[3, 5] == full[0] and image[10, 19] == full[1]
    assert image[0, 12] == 0


def test_that_points_at_and_beyond_the_edge_do_no_harm() -> None:
    places = np.array([[0.0, 0.0], [23.9, 13.9], [-1.0, 5.0], [24.0, 5.0], [1e30, -1e30]])
    image = raster(places, np.zeros(5, np.int64), COLOURS, 24, 14, 5.0)
    assert image[0, 0] and image[13, 23]
    assert not image[5:9, 5:19].any()


def test_that_a_later_point_lies_on_top_and_no_edge_covers_a_core() -> None:
    places = np.array([[8.0, 8.0], [8.0, 8.0], [10.0, 8.0]])
    image = raster(places, np.array([0, 1, 0]), COLOURS, 20, 20, 3.0)
    full = words(COLOURS, 0.9)
    assert image[8, 8] == full[1] and image[8, 10] == full[0]


def test_that_no_class_always_lies_on_top() -> None:
    classes = np.repeat([0, 1], 500)
    cloud = Cloud.of(np.zeros((1000, 2), np.float32), np.arange(1000), classes)
    late = cloud.classes[cloud.order][-200:]
    assert 60 < late.sum() < 140


def test_that_hidden_classes_leave_the_order_of_the_others() -> None:
    classes = np.arange(12) % 3
    cloud = Cloud.of(np.arange(24, dtype=np.float32).reshape(12, 2), np.arange(12) + 100, classes)
    rest = cloud.only(np.array([1]))
    assert len(rest) == 8 and set(rest.classes) == {0, 2}
    before = [s for s in cloud.samples[cloud.order] if (s - 100) % 3 != 1]
    assert list(rest.samples[rest.order]) == before


def test_that_discs_shrink_with_their_number() -> None:
    assert diameter(10, 150_000) == 5.0 and diameter(1_000_000, 150_000) == 2.0
    sizes = [sum(len(offsets) for _, offsets in stamp(s)) for s in (2.0, 3.0, 4.0, 5.0)]
    assert sizes == sorted(sizes) and sizes[0] >= 4


def test_that_axes_are_off_the_same_way_in_both_directions() -> None:
    a, b = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.3], [0.0, 1.0]])
    assert is_off(a, b) and is_off(b, a)
    assert not is_off(a, a + 0.03)


def test_that_axes_which_cut_off_points_are_off() -> None:
    points = np.array([[0.0, 0.0], [10.0, 10.0]])
    cloud = Cloud.of(points.astype(np.float32), np.arange(2), np.zeros(2, np.int64))
    limits = cloud.limits()
    for cut in ([[0.1, 11.0], [-1.0, 11.0]], [[-1.0, 11.0], [-1.0, 9.9]]):
        assert is_off(limits, np.array(cut))
    assert not is_off(limits, np.array([[-0.1, 10.1], [-1.0, 11.0]]))


def test_that_points_within_the_axes_are_found_where_they_are() -> None:
    points = np.array([[0.0, 0.0], [9.9, 4.9], [-0.1, 2.0], [3.0, 5.1], [1e38, -1e38]], np.float32)
    cloud = Cloud.of(points, np.arange(5), np.arange(5))
    x, y, classes = visible(cloud.drawn, np.array([[0.0, 10.0], [0.0, 5.0]]), (20, 10))
    found = {int(k): (int(i), int(j)) for i, j, k in zip(x, y, classes, strict=True)}
    assert found == {1: (19, 0)}  # the first lies just below the last row
    x, y, classes = visible(cloud.drawn, np.array([[-1.0, 10.0], [-1.0, 6.0]]), (110, 70))
    assert dict(zip(classes.tolist(), x.tolist(), strict=True)) == {0: 10, 1: 109, 2: 9, 3: 40}


def test_that_dense_points_cover_the_same_pixels_as_few_do() -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(0, 40, 3000), random.integers(0, 30, 3000)
    classes = random.integers(0, 2, 3000)
    dense = stamped(x, y, classes, COLOURS, (40, 30), 3.0)
    last = np.full((30, 40), -1)
    last[y, x] = classes
    full = words(COLOURS, 0.9)
    rows, columns = np.nonzero(last >= 0)
    cores = dense[rows, columns] == full[last[rows, columns]]
    assert cores.mean() > 0.3 and (dense[rows, columns] >> 24 == full[0] >> 24).all()
    single = stamped(x[:1], y[:1], classes[:1], COLOURS, (40, 30), 3.0)
    assert (dense[single > 0] > 0).all()


def test_that_the_nearest_point_is_that_of_all_distances() -> None:
    random = np.random.default_rng(1)
    points = random.standard_normal((500, 2)).astype(np.float32)
    cloud = Cloud.of(points, np.arange(500), np.zeros(500, np.int64))
    reach = np.array([0.2, 0.1])
    for place in random.standard_normal((50, 2)):
        away = np.square((points - place) / reach).sum(axis=1)
        assert cloud.nearest(place, reach) == (away.argmin() if away.min() <= 1 else -1)
    assert Cloud.empty().nearest(np.zeros(2), reach) == -1
