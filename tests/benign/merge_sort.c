// expect: success stdout="-4 0 3 3 8 15"
#include <stdio.h>
#include <string.h>

static void merge_sort(int *values, int count, int *room)
{
    if (count < 2)
        return;
    int half = count / 2, left = 0, right = half;
    merge_sort(values, half, room);
    merge_sort(values + half, count - half, room);
    for (int i = 0; i < count; i++) {
        int take_left = right == count || (left < half && values[left] <= values[right]);
        room[i] = take_left ? values[left++] : values[right++];
    }
    memcpy(values, room, (size_t)count * sizeof *values);
}

int main(void)
{
    int values[] = {8, 3, -4, 15, 0, 3}, room[6];
    merge_sort(values, 6, room);
    for (int i = 0; i < 6; i++)
        printf("%d ", values[i]);
    puts("");
    return 0;
}
