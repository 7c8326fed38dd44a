// expect: success stdout="wrote 786447 bytes"
#include <stdio.h>

int main(void)
{
    FILE *picture = fopen("gradient.ppm", "wb");
    fprintf(picture, "P6\n512 512\n255\n");
    for (int y = 0; y < 512; y++)
        for (int x = 0; x < 512; x++)
            fwrite((unsigned char[]){(unsigned char)(x / 2), (unsigned char)(y / 2), 128}, 1, 3, picture);
    printf("wrote %ld bytes\n", ftell(picture));
    fclose(picture);
    return 0;
}
