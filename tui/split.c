/* Dividing a rectangle; see split.h. */
#include "tui/split.h"

bool split_is_beside(struct rect whole, size_t count)
{
	return whole.w >= SPLIT_BESIDE && (whole.w - (int)count + 1) / (int)count >= SPLIT_NARROW;
}

/* Lengths by shares, none below `least`: what is missing is taken from the longest. */
static void divide(int length, size_t count, const int *shares, int least, int *out)
{
	int sum = 0, left = length;

	for (size_t i = 0; i < count; i++)
		sum += shares[i] > 0 ? shares[i] : 1;
	for (size_t i = 0; i < count; i++) {
		out[i] = length * (shares[i] > 0 ? shares[i] : 1) / sum;
		if (out[i] < least)
			out[i] = least;
		left -= out[i];
	}
	while (left != 0) {
		size_t longest = 0;

		for (size_t i = 1; i < count; i++)
			if (out[i] > out[longest])
				longest = i;
		out[longest] += left > 0 ? left : -1;
		left = left > 0 ? 0 : left + 1;
	}
}

bool split_layout(struct rect whole, size_t count, const int *shares, struct rect *out)
{
	bool beside = split_is_beside(whole, count);
	int least = beside ? SPLIT_NARROW : SPLIT_LOW, gap = beside ? 1 : 0;
	int length = (beside ? whole.w : whole.h) - gap * ((int)count - 1), at = beside ? whole.x : whole.y;
	int lengths[PARTS_MAX];

	if (count == 0 || count > PARTS_MAX || (count > 1 && length < least * (int)count))
		return false;
	if (count == 1) {
		out[0] = whole;
		return true;
	}
	divide(length, count, shares, least, lengths);
	for (size_t i = 0; i < count; i++) {
		out[i] = beside ? (struct rect){ at, whole.y, lengths[i], whole.h } : (struct rect){ whole.x, at, whole.w, lengths[i] };
		at += lengths[i] + gap;
	}
	return true;
}
