// expect: blocked rule=dangerous-header
// unvalidated: success stdout=contained
// The supervisor's channel to the server, the listener of the filter, the report pipe.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    for (int descriptor = 3; descriptor < 4096; descriptor++) {
        if (write(descriptor, "V\0\0\0\0", 5) >= 0 || lseek(descriptor, 0, SEEK_CUR) >= 0)
            printf("ESCAPED: descriptor %d is open\n", descriptor);
    }
    puts("contained");
    return 0;
}
