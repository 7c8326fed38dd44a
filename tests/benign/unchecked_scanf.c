// expect: success stdout="Enter a number: 49"
// stdin: 7\n
#include <stdio.h>

int main()
{
    int n;
    printf("Enter a number: ");
    scanf("%d", &n);
    printf("%d\n", n * n);
    return 0;
}
